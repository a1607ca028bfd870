/** Where the runbooks of this repository are served: the page of an alert is `<base>/<Alert>.md`. */
export const RUNBOOKS = "https://github.com/bellwether-platform/bellwether/blob/main/docs/runbooks";
