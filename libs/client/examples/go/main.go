// Prints alerts and statuses, with the position that the server keeps for this identity.
//
//	go mod tidy
//	TOCSIN_USER=pager TOCSIN_PASSWORD=... go run .
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The fields that are used here; proto/asyncapi.yaml has them all.
type event struct {
	Target struct {
		Name string `json:"name"`
	} `json:"target"`
	TargetID string `json:"targetId"`
	Type     string `json:"type"`
	Since    string `json:"since"`
	Reason   string `json:"reason"`
	From     string `json:"from"`
	To       string `json:"to"`
}

func handle(message jetstream.Msg) error {
	var data event
	if err := json.Unmarshal(message.Data(), &data); err != nil {
		return err
	}
	// At least once: the id is the same when an event comes again, de-duplicate on it.
	id := message.Headers().Get("ce-id")
	// Event types that are new to you may come at any time: pass them over.
	switch strings.TrimPrefix(message.Headers().Get("ce-type"), "tocsin.v1.") {
	case "AlertRaised":
		fmt.Println(id, data.Target.Name, data.Type, "since", data.Since)
	case "AlertResolved":
		fmt.Println(id, data.Target.Name, data.Reason)
	case "StatusChanged":
		fmt.Println(id, data.TargetID, data.From, "->", data.To)
	}
	return nil
}

func environment(name, otherwise string) string {
	if value, found := os.LookupEnv(name); found {
		return value
	}
	return otherwise
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	user := environment("TOCSIN_USER", "")
	// -1: reconnect for ever
	nc, err := nats.Connect(environment("NATS_URL", nats.DefaultURL),
		nats.UserInfo(user, environment("TOCSIN_PASSWORD", "")), nats.MaxReconnects(-1))
	if err != nil {
		log.Fatal(err)
	}
	defer nc.Close()

	js, err := jetstream.NewWithDomain(nc, "tocsin")
	if err != nil {
		log.Fatal(err)
	}
	// The consumer was made for you and has your name; you cannot make one.
	consumer, err := js.Consumer(ctx, "EVENTS_"+environment("TOCSIN_PROJECT", "default"), user)
	if err != nil {
		log.Fatal(err)
	}
	consuming, err := consumer.Consume(func(message jetstream.Msg) {
		if err := handle(message); err != nil {
			log.Printf("passed over: %v", err)
		}
		// Not acknowledged within 30 seconds: it comes again.
		if err := message.Ack(); err != nil {
			log.Printf("not acknowledged: %v", err)
		}
	})
	if err != nil {
		log.Fatal(err)
	}
	defer consuming.Stop()
	<-ctx.Done()
}
