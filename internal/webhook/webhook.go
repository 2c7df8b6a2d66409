// Package webhook manages the addresses that accounts are called at, and calls them.
package webhook
