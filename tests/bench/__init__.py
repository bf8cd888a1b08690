"""The figures: bytes of a first visit, queries of a page, requests and submissions a second, as ratios within one run."""
