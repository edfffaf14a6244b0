import { useQueryClient, type Query, type QueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import type { Schemas } from '../api/client'
import { beginAgain, removeTasks } from '../inbox/query'
import { look as lookAtLine, whenBack } from './line'

type Moved = Schemas['Moved']

// quiet is how long nobody must have touched the page before a list may move; often, how often it is looked whether it
// may.
const quiet = 1200
const often = 400

// aside is how long a task that is gone may still be shown: whoever has done it himself is led on meanwhile.
const aside = 1500

// atTop is how far down somebody may be, in pixels, and still be shown at once what has come.
const atTop = 120

// What happened while somebody was about to tap is kept until he is not.
let touched = 0
let gone: ReadonlySet<string> = new Set()
let come: ReadonlySet<string> = new Set()
let over: ReadonlySet<string> = new Set()
const looked = new Set<string>() // tasks whose pages are open: of no others it must be known
let own: ReadonlySet<string> = new Set() // tasks that one is completing oneself: they go because of it
const leaving = new Map<string, ReturnType<typeof setTimeout>>()
const listeners = new Set<() => void>()
const tell = () => listeners.forEach((f) => f())

const subscribe = (f: () => void) => {
  listeners.add(f)
  return () => void listeners.delete(f)
}

// useGone has the tasks that others have taken and that are still shown; useArrived counts those that are not shown
// yet.
export const useGone = () => useSyncExternalStore(subscribe, () => gone)
export const useArrived = () => useSyncExternalStore(subscribe, () => come.size)

// useOver tells whether a task that is being looked at is not one's own any more.
export function useOver(id: string): boolean {
  useEffect(() => {
    looked.add(id)
    return () => {
      looked.delete(id)
      setOver(id, false)
      setOwn(id, false)
    }
  }, [id])
  return useSyncExternalStore(subscribe, () => over.has(id) && !own.has(id))
}

// setOwn says that one is completing a task oneself, or that it has not come to it. What is completed stays one's own
// until its page is left.
export function setOwn(id: string, yes: boolean) {
  own = new Set([...own].filter((x) => x !== id).concat(yes ? [id] : []))
  tell()
}

function setOver(id: string, yes: boolean) {
  if (over.has(id) === yes) return
  over = new Set([...over].filter((x) => x !== id).concat(yes ? [id] : []))
  tell()
}

// lookedAt is the case of which all is told, not one's tasks alone.
let lookedAt = ''
let listenAnew = () => {}

// useCaseLive keeps a case as it is while it is looked at. The case of a view that was left goes on being told of,
// until another is looked at or the stream ends.
export function useCaseLive(id: string) {
  useEffect(() => {
    lookedAt = id
    listenAnew()
    return () => {
      lookedAt = ''
    }
  }, [id])
}

// useLive keeps the lists as they are: it listens while the page is looked at, and reads again when it is looked at
// anew.
export function useLive() {
  const queries = useQueryClient()
  useEffect(() => {
    const heard: Moved[] = []
    const stop = listen(
      (move) => {
        if (heard.push(move) === 1) setTimeout(() => take(queries, heard.splice(0)), 50) // many come at once
      },
      () => void readAgain(queries),
      (id) => void queries.invalidateQueries(ofCases(new Set([id])), { cancelRefetch: false }),
    )
    const touch = () => {
      touched = Date.now()
    }
    const timer = setInterval(() => settle(queries), often)
    const touches = ['pointermove', 'pointerdown', 'touchmove', 'wheel', 'keydown'] as const
    touches.forEach((kind) => addEventListener(kind, touch, { passive: true }))
    return () => {
      stop()
      clearInterval(timer)
      touches.forEach((kind) => removeEventListener(kind, touch))
    }
  }, [queries])
}

// listen hears events while the page is looked at: a page in the background keeps no line open. missed is called when
// there may have been some that were not heard; begun, when all of a case is told from now on.
function listen(heard: (move: Moved) => void, missed: () => void, begun: (id: string) => void): () => void {
  const streams: EventSource[] = []
  let before = false
  // begin opens a stream. The one before goes on until it has come: nothing is missed between them.
  function begin(of = lookedAt) {
    const stream = new EventSource(`/api/v1/events${of && `?case=${encodeURIComponent(of)}`}`)
    streams.push(stream)
    stream.addEventListener('moved', (event) => heard(JSON.parse((event as MessageEvent<string>).data) as Moved))
    stream.onopen = () => {
      const older = streams.splice(0, streams.indexOf(stream))
      if (before && !older.some((x) => x.readyState === EventSource.OPEN)) missed()
      older.forEach((x) => x.close())
      if (of) begun(of)
      before = true
    }
    stream.onerror = () => {
      void lookAtLine() // a stream that ends, or is cut, begins anew by itself; one that is refused does not
      if (stream.readyState === EventSource.CLOSED && of) begin('') // one may not see it any more
    }
  }
  function end() {
    streams.splice(0).forEach((x) => x.close())
  }
  function look() {
    end()
    if (document.visibilityState !== 'hidden') begin()
  }
  listenAnew = () => {
    if (document.visibilityState !== 'hidden') begin()
  }
  const stop = whenBack(() => streams.every((x) => x.readyState === EventSource.CLOSED) && look())
  document.addEventListener('visibilitychange', look)
  look()
  return () => {
    stop()
    listenAnew = () => {}
    end()
    document.removeEventListener('visibilitychange', look)
  }
}

function take(queries: QueryClient, moves: Moved[]) {
  const left = new Set(gone)
  const arrived = new Set(come)
  for (const move of moves) {
    for (const id of move.gone ?? []) {
      leaving.set(id, setTimeout(() => {
        leaving.delete(id)
        if (looked.has(id)) setOver(id, true)
      }, aside))
      left.add(id)
      arrived.delete(id)
    }
    for (const id of move.come ?? []) {
      clearTimeout(leaving.get(id)) // it came back before it was gone
      setOver(id, false)
      left.delete(id)
      arrived.add(id)
      void queries.invalidateQueries({ queryKey: ['task', id] }) // what is open may be waited for no more
    }
    if (move.again) arrived.add('again')
  }
  gone = left
  come = arrived
  for (const key of ['counts', 'copies']) void queries.invalidateQueries({ queryKey: [key] })
  const cases = new Set(moves.flatMap((m) => m.case ?? []))
  void queries.invalidateQueries(moves.some((m) => m.again) ? { queryKey: ['case'] } : ofCases(cases))
  tell()
  settle(queries)
}

// ofCases are the queries of cases with these ids; a case may be asked for by its number.
const ofCases = (ids: ReadonlySet<string>) => ({
  queryKey: ['case'],
  predicate: ({ queryKey, state }: Query) =>
    [queryKey[1], (state.data as { id?: string } | undefined)?.id].some((id) => ids.has(id as string)),
})

// settle lets the lists move when nobody is about to touch them.
function settle(queries: QueryClient) {
  if (gone.size + come.size === 0 || Date.now() - touched < quiet) return
  if (gone.size > 0) {
    removeTasks(queries, gone)
    gone = new Set()
    tell()
  }
  if (come.size > 0 && window.scrollY < atTop) showArrived(queries)
}

// showArrived puts what has come where it belongs.
export function showArrived(queries: QueryClient) {
  come = new Set()
  tell()
  void beginAgain(queries)
}

async function readAgain(queries: QueryClient) {
  void queries.invalidateQueries({ queryKey: ['counts'] })
  void queries.invalidateQueries({ queryKey: ['case'] }, { cancelRefetch: false })
  if (window.scrollY < atTop) await beginAgain(queries)
  else {
    come = new Set([...come, 'again'])
    tell()
  }
}
