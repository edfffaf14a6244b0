import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Problem } from '../api/client'
import { useCut } from '../app/line'
import {
  fieldId, get, isColumn, send, set, withDefaults, type Fault, type Field, type FormView, type Tried, type Values,
} from './values'

export type FormState = ReturnType<typeof useForm>

type Try = (values: Values) => Promise<Tried>

// useForm keeps what is filled in, and asks the API what it thinks of it: which fields are asked for, what follows from
// them, and what is wrong. There is one truth about a form, and it is not here.
export function useForm(key: unknown[], form: FormView, begin: Values, attempt: Try, base = begin) {
  const [values, setValues] = useState(() => withDefaults(form, begin))
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [refused, setRefused] = useState<Problem>()
  const [sent, setSent] = useState<(path: string) => boolean>() // which fields were there when it was last sent in vain
  const latest = useRef(values)
  const shown = useRef({ form, at: Date.now() }) // a form that is read anew brings a later "now"
  const changed = useRef(new Set<string>())
  const left = useCallback((f: Field) => // it is "now" as long as nobody writes something else
    f.now && !isColumn(f) && !changed.current.has(f.path) && get(begin, f.path) === undefined, [])
  const minute = useMinute((shown.current.form.fields ?? []).find(left)?.default, shown.current.at)
  const shownNow = useMemo(() => present(values), [values, minute])
  const settled = useSettled(shownNow, 300)
  const needed = (form.fields ?? []).length > 0
  const asked = useRef<Promise<unknown>>(Promise.resolve())
  const closed = useRef(false) // while it is being sent nothing more is asked: the answer would be that it is gone
  const tried = useQuery({
    queryKey: ['try', ...key, settled],
    queryFn: () => {
      const answer = attempt(send(form, settled))
      asked.current = answer.catch(() => undefined)
      return answer
    },
    enabled: needed && !closed.current,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  }).data

  const change = useCallback((path: string, value: unknown) => {
    changed.current.add(path)
    setValues((old) => (latest.current = set(old, path, value)))
    setRefused((old) => old && new Problem(old.status, { code: old.code, detail: old.message,
      fields: old.fields.filter((f) => f.path !== path) }))
  }, [])
  const touch = useCallback((path: string) => setTouched((old) => (old.has(path) ? old : new Set(old).add(path))), [])

  const told = (f: Fault) => sent?.(f.path) || touched.has(f.path) && (sent || f.code !== 'required')
  const faults: Fault[] = [
    ...(refused?.fields ?? []),
    ...(tried?.fields ?? []).filter((f) => f.code !== 'not-asked' && told(f)),
  ]

  // present moves the fields that are "now" and were left alone on from when they were shown. It counts on from the
  // server's time: the clocks of telephones differ.
  function present(of: Values): Values {
    const passed = Date.now() - shown.current.at
    const at = (f: Field) => new Date(Date.parse(f.default as string) + passed).toISOString().replace(/\.\d+/, '')
    return (shown.current.form.fields ?? []).filter(left).reduce((out, f) => set(out, f.path, at(f)), of)
  }

  // toKeep is what somebody has written: a "now" that was left alone is another when it is read again.
  const toKeep = () =>
    send(form, (form.fields ?? []).filter(left).reduce((out, f) => set(out, f.path, undefined), latest.current))

  // finish gives what is to be sent, or shows what is wrong and gives nothing.
  async function finish(check: Try = attempt): Promise<Values | undefined> {
    setRefused(undefined)
    const now = latest.current = present(latest.current)
    if (!needed) return {}
    closed.current = true
    await asked.current
    const result = await check(send(form, now))
    const wrong = (result.fields ?? []).filter((f) => f.code !== 'not-asked')
    if (wrong.length === 0 && !result.detail) return send(form, now, result.not_asked ?? [])
    closed.current = false
    setSent(() => wasThere(now, result.not_asked ?? []))
    setRefused(new Problem(422, { code: 'invalid', detail: result.detail ?? '', fields: wrong }))
    focus(wrong)
    return undefined
  }

  // again lets what was finished be changed and finished once more.
  function again() {
    closed.current = false
  }

  function refuse(problem: Problem) {
    closed.current = false
    setRefused(problem)
    focus(problem.fields)
  }

  const cut = useCut()
  useEffect(() => {
    if (!cut) setRefused((old) => (old?.status === 0 ? undefined : old))
  }, [cut])

  const toSend = () => send(form, latest.current)
  return {
    form, base, values: shownNow, written: values, change, touch, tried, faults, finish, refuse, again, refused, toSend,
    toKeep,
  }
}

// useMinute is the minute that the server's clock shows, which showed another time when a form came; nothing = nobody
// asks. It waits while somebody writes a time: that would change under the hand.
function useMinute(then: unknown, at: number): number {
  const minute = () => Math.floor((Date.parse(String(then)) + Date.now() - at) / 60_000)
  const [now, setNow] = useState(minute)
  useEffect(() => {
    if (then === undefined) return undefined
    const timer = setInterval(() => {
      if (!document.activeElement?.matches('[type=datetime-local]')) setNow(minute())
    }, 1_000)
    return () => clearInterval(timer)
  }, [then, at])
  return now
}

// wasThere tells of a path whether its field was asked for with these values. One that comes later, or in a row that
// does, is nobody's omission yet.
const wasThere = (values: Values, notAsked: string[]) => (path: string) =>
  !notAsked.includes(path) && (!path.includes('[') || get(values, path.slice(0, path.indexOf(']') + 1)) !== undefined)

function focus(faults: Fault[]) {
  requestAnimationFrame(() => {
    if (faults.length === 0) document.querySelector('.form > .note.bad')?.scrollIntoView({ block: 'center' })
    const found = faults.map((f) => document.getElementById(fieldId(f.path))).filter((x) => x !== null)
    found.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1))
    const first = found[0]?.matches('input, select, textarea, button')
      ? found[0] : found[0]?.querySelector<HTMLElement>('input, button')
    first?.focus()
    first?.scrollIntoView({ block: 'center' })
  })
}

// useSettled gives a value once it has not changed for a while.
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}
