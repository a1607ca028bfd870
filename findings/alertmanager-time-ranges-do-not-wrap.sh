#!/usr/bin/env bash
# Guess: Alertmanager's time intervals take the ranges that people say: Friday to Sunday, 22:00 to 06:00, November to February, the last
#   week of a month into the first days of the next.
# Found: only weekdays may pass the end of their unit, since 0.35.0: the other three are refused, and each has to be written as two ranges.
#   Before 0.35.0 Friday to Sunday was refused too, since a week begins on Sunday. 24:00 is allowed as an end.
# Matters for: on-call hours and maintenance windows as mute_time_intervals or active_time_intervals.
# Version: Alertmanager 0.35.0.
set -euo pipefail
folder=$(mktemp -d); trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT; cd "$folder"

cat >main.go <<'EOF'
package main

import (
	"fmt"

	"github.com/prometheus/alertmanager/config"
)

const head = "route: {receiver: a}\nreceivers: [{name: a}]\ntime_intervals: [{name: t, time_intervals: [{"

func main() {
	for _, interval := range []string{
		"weekdays: ['friday:sunday']",
		"weekdays: ['friday:saturday', 'sunday']",
		"times: [{start_time: '22:00', end_time: '06:00'}]",
		"times: [{start_time: '22:00', end_time: '24:00'}, {start_time: '00:00', end_time: '06:00'}]",
		"months: ['november:february']",
		"days_of_month: ['-7:5']",
	} {
		_, err := config.Load(head + interval + "}]}]\n")
		fmt.Printf("%s: %v\n", interval, err)
	}
}
EOF
go mod init finding >/dev/null 2>&1
go get github.com/prometheus/alertmanager@v0.35.0 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run . | tee found.txt
diff found.txt - <<'EOF'
weekdays: ['friday:sunday']: <nil>
weekdays: ['friday:saturday', 'sunday']: <nil>
times: [{start_time: '22:00', end_time: '06:00'}]: start time cannot be equal or greater than end time
times: [{start_time: '22:00', end_time: '24:00'}, {start_time: '00:00', end_time: '06:00'}]: <nil>
months: ['november:february']: end month february is before start month november
days_of_month: ['-7:5']: end day must be negative if start day is negative
EOF
