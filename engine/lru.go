package engine

import (
	"container/list"
	"sync"
)

// lru keeps the entries used last. It is safe for concurrent use; what it holds must not be changed.
type lru[K comparable, V any] struct {
	mu    sync.Mutex
	most  int
	order *list.List // of lruEntry, used last in front
	byKey map[K]*list.Element
}

type lruEntry[K comparable, V any] struct {
	key   K
	value V
}

func newLRU[K comparable, V any](most int) *lru[K, V] {
	return &lru[K, V]{most: most, order: list.New(), byKey: map[K]*list.Element{}}
}

func (c *lru[K, V]) get(key K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el, ok := c.byKey[key]
	if !ok {
		var none V
		return none, false
	}
	c.order.MoveToFront(el)
	return entryOf[K, V](el).value, true
}

// put adds or replaces, unless keep says that what is there is to stay.
func (c *lru[K, V]) put(key K, v V, keep func(old V) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el, ok := c.byKey[key]; ok {
		e := entryOf[K, V](el)
		if keep == nil || !keep(e.value) {
			e.value = v
		}
		c.order.MoveToFront(el)
		return
	}
	c.byKey[key] = c.order.PushFront(&lruEntry[K, V]{key: key, value: v})
	for c.order.Len() > c.most {
		last := c.order.Back()
		delete(c.byKey, entryOf[K, V](last).key)
		c.order.Remove(last)
	}
}

func (c *lru[K, V]) drop(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el, ok := c.byKey[key]; ok {
		delete(c.byKey, key)
		c.order.Remove(el)
	}
}

func (c *lru[K, V]) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.byKey)
	c.order.Init()
}

func entryOf[K comparable, V any](el *list.Element) *lruEntry[K, V] {
	e, ok := el.Value.(*lruEntry[K, V])
	if !ok {
		panic("lru: foreign entry")
	}
	return e
}
