// Package dashboard is the web pages over the control plane.
//
// They are rendered here and work without JavaScript; one small script makes
// them quicker to use. Each page is a folder with its handlers, its templates
// and its style; package shell is what they all live in, and package guard keeps
// other sites away from them.
package dashboard
