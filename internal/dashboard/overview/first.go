package overview

// firstSteps is what a newcomer does first: shown while there is nothing to draw.
type firstSteps struct {
	Domains   int    // on the list
	API       string // where browsers find the API
	Remembers bool   // whether what comes will be shown here
}
