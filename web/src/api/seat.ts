import { useSyncExternalStore } from 'react'

export type Lost = { why: string; nobody: boolean }

// lost is set once whoever opened the page is not the one any more for whom it could act: nobody is signed in, or
// another person is.
let lost: Lost | undefined
const listeners = new Set<() => void>()

export function lose(why: string, nobody: boolean) {
  if (lost?.nobody === nobody) return
  lost = { why, nobody }
  listeners.forEach((f) => f())
}

// keep: it is again.
export function keep() {
  if (!lost) return
  lost = undefined
  listeners.forEach((f) => f())
}

const subscribe = (f: () => void) => {
  listeners.add(f)
  return () => void listeners.delete(f)
}

export const useLost = () => useSyncExternalStore(subscribe, () => lost)
