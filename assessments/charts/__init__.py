"""Results into what pages and paper show: chart series, geometry, findings; without Django."""
