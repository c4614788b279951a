-- +goose Up
-- PostgreSQL alone needs an index from a ticket to its documents; here the rowid leads to them.
SELECT 1;
