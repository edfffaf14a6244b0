// Package crash kills a real server in the middle of its work and holds what is on disk against a ledger of its own.
package crash
