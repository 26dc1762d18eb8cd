import { TourAutomatic } from "@web_tour/js/tour_automatic/tour_automatic";

// A tour tells what happens, not how fast: a step waits a minute where Odoo's own gives up after
// ten seconds. It goes on at once when what it waits for is there.
TourAutomatic.prototype.timeout = 60_000;
