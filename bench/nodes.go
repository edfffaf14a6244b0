package main

import (
	"context"
	"errors"
	"sync"

	"github.com/guicheng/guicheng/engine"
	"github.com/guicheng/guicheng/internal/pgtest"
	"github.com/guicheng/guicheng/store/postgres"
)

// twoNodes measures two engines on one database against one, with as many clients in all.
func twoNodes(ctx context.Context, o tableOptions) (*spread, error) {
	const clients = 32
	var ratios []float64
	for range o.rounds {
		var rates [2]float64
		for i := range rates {
			var err error
			if rates[i], err = ofNodes(ctx, i+1, clients, o); err != nil {
				return nil, err
			}
		}
		ratios = append(ratios, rates[1]/rates[0])
	}
	s := spreadOf(ratios)
	return &s, nil
}

// ofNodes is the rate of n nodes, each with a part of the clients.
func ofNodes(ctx context.Context, n, clients int, o tableOptions) (rate float64, err error) {
	dsn, err := pgtest.Create(ctx)
	if err != nil {
		return 0, err
	}
	var houses []*house
	defer func() {
		for _, h := range houses {
			err = errors.Join(err, h.close())
		}
	}()
	for range n {
		st, err := postgres.Open(ctx, dsn)
		if err != nil {
			return 0, err
		}
		h, err := openHouse(ctx, st)
		if err != nil {
			return 0, errors.Join(err, st.Close())
		}
		h.closers = append(h.closers, st.Close)
		houses = append(houses, h)
	}
	samples, errs := make([]sample, n), make([]error, n)
	var group sync.WaitGroup
	for i, h := range houses {
		group.Go(func() {
			samples[i], errs[i] = measure(ctx, &player{w3: patient(h.w3)}, clients/n, o.warm, o.window)
		})
	}
	group.Wait()
	for _, s := range samples {
		rate += s.rate
	}
	return rate, errors.Join(errs...)
}

// patient comes again when it is told that the engine is busy, as a client program does.
func patient(w3 func(context.Context, func()) error) func(context.Context, func()) error {
	return func(ctx context.Context, tick func()) error {
		for {
			err := w3(ctx, tick)
			if e := (*engine.Error)(nil); !errors.As(err, &e) || e.Code != engine.CodeBusy {
				return err
			}
		}
	}
}
