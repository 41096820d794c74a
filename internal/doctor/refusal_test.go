package doctor

import (
	"strings"
	"testing"

	"github.com/crossgate/crossgate/internal/explain"
	"github.com/crossgate/crossgate/internal/gate"
)

// Whoever asks a Crossgate that refuses the page is told how to let it in, and not to put
// another one before it.
func TestFixOfACrossgateThatRefuses(t *testing.T) {
	r := Report{Origin: "https://new.example.com", Gateway: &Refusal{Reason: gate.OriginNotTrusted}}
	fixes := r.fixesFor(explain.ErrorHidden)
	if len(fixes) != 1 || fixes[0].Server != explain.Crossgate || !strings.HasPrefix(fixes[0].Text, "crossgate domain add new.example.com") {
		t.Errorf("%+v", fixes)
	}
}
