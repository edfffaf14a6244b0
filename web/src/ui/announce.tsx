import { useEffect, useState } from 'react'

let waits = '' // said before there was anything to say it
let speak = (text: string) => {
  waits = text
}

// announce tells a screen reader what happened, and shows it for a moment.
export const announce = (text: string) => speak(text)

export function Announcer() {
  const [text, setText] = useState('')
  useEffect(() => {
    speak = setText
    speak(waits)
    waits = ''
  }, [])
  useEffect(() => {
    if (!text) return
    const timer = setTimeout(() => setText(''), 5000)
    return () => clearTimeout(timer)
  }, [text])
  return <div className={text ? 'toast' : 'toast gone'} role="status" aria-live="polite">{text}</div>
}
