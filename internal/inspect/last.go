package inspect

// Last returns the highest ID that was given so far, at any site and at no cost to anybody:
// whoever watches asks for it to learn whether something may have come. The exchange itself
// may be a moment from being remembered.
func (v View) Last() ID {
	if v.r == nil {
		return 0
	}
	return v.r.last()
}

func (r *Recorder) last() ID { return r.first + ID(r.count.Load()) }
