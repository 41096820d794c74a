package inspector

import "context"

// An example is how the first exchange is made.
type example struct {
	Fetch string // for the console of a page
	Curl  string
}

func (p *Page) newExample(ctx context.Context) example {
	api := p.api(ctx)
	return example{
		Fetch: "await fetch(" + literal(api+"/") + ")",
		Curl:  "curl -i " + quoted(api+"/") + " -H 'Origin: https://app.example.com'",
	}
}
