import { useSyncExternalStore } from 'react'

// The line to the server: whoever finds it cut says so, and it is then tried until the server answers again.
const every = 2000

let cut = false
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

const subscribe = (f: () => void) => {
  listeners.add(f)
  return () => void listeners.delete(f)
}

export const useCut = () => useSyncExternalStore(subscribe, () => cut)

// whenBack calls back each time the server can be reached again.
export const whenBack = (back: () => void) => subscribe(() => cut || back())

function put(now: boolean) {
  if (cut === now) return
  cut = now
  listeners.forEach((f) => f())
}

export function lost() {
  put(true)
  timer ??= setTimeout(() => void look(), every)
}

// look tries the line; what it finds is told to whom it concerns.
export async function look() {
  clearTimeout(timer)
  timer = undefined
  const there = navigator.onLine && await fetch('/readyz', { cache: 'no-store' }).then((r) => r.ok, () => false)
  if (there) put(false)
  else lost()
}

addEventListener('offline', lost)
addEventListener('online', () => void look())
