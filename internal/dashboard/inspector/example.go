package inspector

// An example is how the first exchange is made.
type example struct {
	Fetch string // for the console of a page
	Curl  string
}

func (p *Page) newExample() example {
	return example{
		Fetch: "await fetch(" + literal(p.api+"/") + ")",
		Curl:  "curl -i " + quoted(p.api+"/") + " -H 'Origin: https://app.example.com'",
	}
}
