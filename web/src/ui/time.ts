import { useEffect, useState } from 'react'
import { t } from '../texts/text'

// useNow is the present, brought up to date every few seconds.
export function useNow(every = 10_000): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every)
    return () => clearInterval(timer)
  }, [every])
  return now
}

// span writes a length of time as one would say it.
export function span(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return t('span.under')
  if (minutes < 60) return t('span.minutes', { n: minutes })
  const hours = Math.floor(minutes / 60)
  if (hours < 10 && minutes % 60 > 0) return t('span.both', { h: hours, m: minutes % 60 })
  if (hours < 24) return t('span.hours', { n: hours })
  return t('span.days', { n: Math.floor(hours / 24) })
}

export const ago = (at: string, now: number) => t('ago', { span: span(Math.max(0, now - Date.parse(at))) })

const toTheMinute = {
  year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
} as const

// moment writes a point in time in the office's zone, as the API writes those in its texts, books and papers.
export const moment = (at: string, zone: string) => wall(at, zone).replace('T', ' ')

// clock writes a point in time that is near: by the hour and minute on the office's wall.
export function clock(at: string, zone: string): string {
  const soon = Math.abs(Date.parse(at) - Date.now()) < 12 * 3_600_000
  return soon ? moment(at, zone).slice(-5) : moment(at, zone)
}

// wall is what a clock on the office's wall shows, as <input type="datetime-local"> has it.
export function wall(at: string, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, ...toTheMinute }).formatToParts(new Date(at))
  const get = (kind: string) => parts.find((p) => p.type === kind)?.value ?? '00'
  return `${get('year')}-${get('month')}-${get('day')}T${get('hour')}:${get('minute')}`
}

// fromWall is the point in time at which the office's wall clock shows this.
export function fromWall(text: string, zone: string): string {
  const guess = Date.parse(`${text}:00Z`)
  let at = guess
  for (let i = 0; i < 2; i++) at += guess - Date.parse(`${wall(new Date(at).toISOString(), zone)}:00Z`)
  return new Date(at).toISOString().replace('.000Z', 'Z')
}
