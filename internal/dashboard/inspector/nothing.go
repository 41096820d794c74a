package inspector

import "github.com/crossgate/crossgate/internal/inspect"

// Nothing is the [Recorder] of a site of which nothing is remembered.
type Nothing struct{}

// List is [Recorder].
func (Nothing) List(inspect.Filter, inspect.ID, int) []inspect.Exchange { return nil }

// Since is [Recorder].
func (Nothing) Since(inspect.ID, func(*inspect.Exchange) bool, int) []inspect.Exchange { return nil }

// Get is [Recorder].
func (Nothing) Get(inspect.ID) (inspect.Exchange, bool) { return inspect.Exchange{}, false }

// Last is [Recorder].
func (Nothing) Last() inspect.ID { return 0 }
