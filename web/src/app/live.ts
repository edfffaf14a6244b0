import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import type { Schemas } from '../api/client'
import { beginAgain, removeTasks } from '../inbox/query'

type Moved = Schemas['Moved']

// quiet is how long nobody must have touched the page before a list may move.
const quiet = 1200

// What happened while somebody was about to tap is kept until he is not.
let touched = 0
let gone: string[] = []
let come = new Set<string>()
const listeners = new Set<() => void>()
const tell = () => listeners.forEach((f) => f())

const subscribe = (f: () => void) => {
  listeners.add(f)
  return () => void listeners.delete(f)
}

// useGone lists tasks that others have taken and that are still shown; useArrived counts those that are not shown yet.
export const useGone = () => useSyncExternalStore(subscribe, () => gone)
export const useArrived = () => useSyncExternalStore(subscribe, () => come.size)

// useLive keeps the lists as they are: it listens while the page is looked at, and reads again when it is looked at anew.
export function useLive() {
  const queries = useQueryClient()
  useEffect(() => {
    let source: EventSource | undefined
    let opened = false

    function settle() {
      if (gone.length === 0 && come.size === 0) return
      if (Date.now() - touched < quiet) return
      const taken = gone
      gone = []
      removeTasks(queries, taken)
      if (come.size > 0 && window.scrollY < 120) showArrived(queries)
      tell()
    }

    function moved(event: MessageEvent<string>) {
      const move = JSON.parse(event.data) as Moved
      gone = [...gone, ...(move.gone ?? [])]
      for (const id of move.gone ?? []) come.delete(id)
      for (const id of move.come ?? []) come.add(id)
      gone = gone.filter((id) => !move.come?.includes(id))
      if (move.again) come.add('again')
      for (const id of [...(move.gone ?? []), ...(move.come ?? [])]) {
        void queries.invalidateQueries({ queryKey: ['task', id], refetchType: 'none' })
      }
      void queries.invalidateQueries({ queryKey: ['counts'] })
      if (move.case) void queries.invalidateQueries({ queryKey: ['case', move.case] })
      tell()
      settle()
    }

    function look() {
      source?.close()
      source = undefined
      if (document.visibilityState === 'hidden') return
      source = new EventSource('/api/v1/events')
      source.addEventListener('moved', moved)
      source.onopen = () => {
        if (opened) void beginAgainAtTop()
        opened = true
      }
    }

    async function beginAgainAtTop() {
      void queries.invalidateQueries({ queryKey: ['counts'] })
      if (window.scrollY < 120) await beginAgain(queries)
    }

    const touch = () => {
      touched = Date.now()
    }
    const timer = setInterval(settle, 400)
    const touches = ['pointermove', 'pointerdown', 'touchmove', 'wheel', 'keydown'] as const
    touches.forEach((kind) => addEventListener(kind, touch, { passive: true }))
    document.addEventListener('visibilitychange', look)
    look()
    return () => {
      source?.close()
      clearInterval(timer)
      touches.forEach((kind) => removeEventListener(kind, touch))
      document.removeEventListener('visibilitychange', look)
    }
  }, [queries])
}

// showArrived puts what has come where it belongs.
export function showArrived(queries: ReturnType<typeof useQueryClient>) {
  come = new Set()
  tell()
  void beginAgain(queries)
}
