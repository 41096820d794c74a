package inspect

// answerFields are the fields of an answer whose values are kept, in the order in which
// they are shown. None of them is ever a secret.
var answerFields = [...]string{
	allowOrigin: "Access-Control-Allow-Origin", credentials: "Access-Control-Allow-Credentials", expose: "Access-Control-Expose-Headers",
	allowMethods: "Access-Control-Allow-Methods", allowHeaders: "Access-Control-Allow-Headers", maxAge: "Access-Control-Max-Age", vary: "Vary",
}

const (
	allowOrigin = iota
	credentials
	expose
	allowMethods
	allowHeaders
	maxAge
	vary
)

// Values that nearly every answer has stand as one byte, which no field can hold.
const (
	sameOrigin  = "\x01" // as in the request
	varyOrigin  = "\x02"
	varyRequest = "\x03"
	asRequested = "\x04" // the names that were asked for, as they came
)

const (
	spelledOrigin  = "Origin"
	spelledRequest = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
)

// writeAnswer writes those fields of the answer, where the request was one of CORS: a
// line each, a digit for the name and then the value.
func (o *Observation) writeAnswer(s *slot) {
	if o.Origin == "" {
		return
	}
	if !o.Answer.Settled {
		o.Answer.writeAll(s)
		return
	}
	a := &o.Answer
	if a.AllowOrigin != "" {
		s.addField(allowOrigin, a.origin(o.Origin))
	}
	if a.Credentials {
		s.addField(credentials, "true")
	}
	s.addSet(expose, a.Expose)
	s.addSet(allowMethods, a.AllowMethods)
	if a.AllowHeaders != "" {
		s.addField(allowHeaders, a.headers(o.RequestHeaders))
	}
	s.addSet(maxAge, a.MaxAge)
	for _, value := range a.Header["Vary"] {
		s.addField(vary, varyValue(value))
	}
}

// origin is the origin that is granted; nearly always that of the request.
func (a *Answer) origin(asked string) string {
	if a.AllowOrigin == asked {
		return sameOrigin
	}
	return clean(limited(a.AllowOrigin, maxAnswer))
}

// headers are the names that are allowed; often just those that were asked for.
func (a *Answer) headers(asked []string) string {
	if len(asked) == 1 && len(asked[0]) <= maxNames && asked[0] == a.AllowHeaders {
		return asRequested
	}
	return clean(limited(a.AllowHeaders, maxAnswer))
}

func varyValue(value string) string {
	switch value {
	case spelledOrigin:
		return varyOrigin
	case spelledRequest:
		return varyRequest
	}
	return literal(value)
}

// literal is a value that stands for itself. A byte that stands for another is in no
// field that is in order.
func literal(value string) string {
	if len(value) == 1 && value <= asRequested {
		return ""
	}
	return clean(limited(value, maxAnswer))
}

// writeAll writes the fields as the upstream has set them.
func (a *Answer) writeAll(s *slot) {
	for i, name := range answerFields {
		for _, value := range a.Header[name] {
			s.addField(i, literal(value))
		}
	}
}

// addSet is addField for a value of the site's policy: "" is none, and nothing in it
// needs to be looked for.
func (s *slot) addSet(name int, value string) {
	if value != "" {
		s.addField(name, value)
	}
}

// addField adds a line to the text that is being written. A value that is too long is
// cut.
func (s *slot) addField(name int, value string) {
	if s.room(maxAnswer) < len("\n0")+len(Ellipsis) {
		return
	}
	if s.used > s.ends[s.texts-1] {
		s.text[s.used] = '\n'
		s.used++
	}
	s.text[s.used] = '0' + byte(name)
	s.used++
	s.add(value, s.room(maxAnswer))
}

// answer is writeAnswer's counterpart.
func answer(text, origin, requested string) []Field {
	var all []Field
	for _, line := range lines(text) {
		value := line[1:]
		switch value {
		case sameOrigin:
			value = origin
		case varyOrigin:
			value = spelledOrigin
		case varyRequest:
			value = spelledRequest
		case asRequested:
			value = requested
		}
		all = append(all, Field{answerFields[line[0]-'0'], value})
	}
	return all
}
