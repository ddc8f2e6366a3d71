# What people type. `make help` lists it.

SHELL := /bin/bash
export PATH := $(HOME)/.cargo/bin:$(PATH)

.PHONY: help test tools lint doc bench demo

help: ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/'

tools: ## install what the tests need where it is missing
	@bash tests/tools/install.sh

test: tools ## all tests
	@if command -v cargo-nextest >/dev/null; then cargo nextest run --locked --no-fail-fast; else cargo test --locked --no-fail-fast; fi
	cargo test --locked --doc

lint: ## formatting and lints as in CI
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings

doc: ## the documentation of the source
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items

bench: ## speed as ratios against the bare limit, measured in one run
	cargo bench --locked --bench limits

demo: ## the service at work on sample letters
	cargo run --release --locked -- demo
