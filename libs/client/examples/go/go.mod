module example.com/tocsin-alerts

go 1.23

require github.com/nats-io/nats.go v1.39.0
