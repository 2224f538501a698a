package importer

import "testing"

func TestLimit(t *testing.T) {
	for _, tt := range []struct {
		text         string
		failed, rows int
		exceeded     bool
	}{
		{"", 1000, 1000, false},
		{"0", 0, 10, false},
		{"0", 1, 10, true},
		{"3", 3, 10, false},
		{"3", 4, 10, true},
		{"5%", 5, 100, false},
		{"5%", 6, 100, true},
		{"0.5%", 1, 200, false},
		{"0.5%", 2, 200, true},
		{"0%", 1, 1_000_000, true},
		{"100%", 10, 10, false},
	} {
		l, err := ParseLimit(tt.text)
		if err != nil {
			t.Errorf("ParseLimit(%q): %v", tt.text, err)
			continue
		}
		if got := l.Exceeded(tt.failed, tt.rows); got != tt.exceeded {
			t.Errorf("%q.Exceeded(%d, %d) = %v", tt.text, tt.failed, tt.rows, got)
		}
		if l.String() != tt.text {
			t.Errorf("ParseLimit(%q).String() = %q", tt.text, l)
		}
	}
}

func TestLimitRefuses(t *testing.T) {
	for _, text := range []string{"many", "-1", "1.5", "-1%", "101%", "%", "NaN%", "+Inf%"} {
		if l, err := ParseLimit(text); err == nil {
			t.Errorf("ParseLimit(%q) = %v, want an error", text, l)
		}
	}
}
