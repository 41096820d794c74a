package control

const (
	behindChunk = 1024 // what is handed over at once, in pieces
	behindWait  = 4    // chunks that wait at most
)

// A behind does something with each of many pieces, in their order and in a goroutine of
// its own, while the next ones are read.
type behind[T any] struct {
	chunk []T
	to    chan []T
	ended chan struct{}
}

func startBehind[T any](do func(T)) *behind[T] {
	b := &behind[T]{to: make(chan []T, behindWait), ended: make(chan struct{})}
	go func() {
		defer close(b.ended)
		for chunk := range b.to {
			for _, piece := range chunk {
				do(piece)
			}
		}
	}()
	return b
}

func (b *behind[T]) add(piece T) {
	if b.chunk = append(b.chunk, piece); len(b.chunk) == behindChunk {
		b.to <- b.chunk
		b.chunk = make([]T, 0, behindChunk)
	}
}

// end returns when all is done.
func (b *behind[T]) end() {
	b.to <- b.chunk
	close(b.to)
	<-b.ended
}
