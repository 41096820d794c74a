package trust_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/crossgate/crossgate/trust"
)

// A set that was changed in steps is the set that is made of the result.
func TestWithIsNewSet(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	domains := make([]trust.Domain, 30)
	for i := range domains {
		d, err := trust.ParseDomain(fmt.Sprintf([]string{"a%d.example.com", "*.b%d.example.com", "localhost:%d"}[i%3], i+1))
		if err != nil {
			t.Fatal(err)
		}
		domains[i] = d
	}
	var set *trust.Set
	want := map[trust.Domain]trust.Entry{}
	for step := range int64(300) {
		put := trust.Entry{ID: step, Domain: domains[random.IntN(len(domains))], Disabled: step%2 == 0}
		out := domains[random.IntN(len(domains))]
		delete(want, out)
		want[put.Domain] = put
		before := set.Len()
		next := set.With([]trust.Entry{put}, []trust.Domain{out})
		if set.Len() != before {
			t.Fatal("With changed the set that it was asked of")
		}
		set = next
		for _, d := range domains {
			got, has := set.Get(d), want[d] != (trust.Entry{})
			if (got != nil) != has || (has && *got != want[d]) {
				t.Fatalf("after step %d the entry of %s is %+v, want %+v", step, d, got, want[d])
			}
		}
		if set.Len() != len(want) {
			t.Fatalf("after step %d there are %d entries, want %d", step, set.Len(), len(want))
		}
	}
}
