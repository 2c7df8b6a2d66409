package graph

// Secrets are the fields that check a secret.
var Secrets = secrets
