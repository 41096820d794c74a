package shell

// A Locked is a setting that was given when Crossgate was started, and so
// cannot be changed here.
type Locked struct {
	Name  string // "Mode"
	Value string // "observe"
	Given string // the flag or variable that set it: "--mode"
}
