import { useRef, useState } from 'react'
import { t } from '../texts/text'
import { upload, type Attachment } from './files'
import type { Field } from './values'

type Props = { field: Field; value: unknown; change: (value: unknown) => void; leave: () => void }

// Signature is a pad to sign on, by finger, pen or mouse.
export function Signature({ field, value, change, leave }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [drawn, setDrawn] = useState(false)
  const [trouble, setTrouble] = useState('')
  const kept = value as Attachment | undefined

  function at(e: React.PointerEvent): [number, number] {
    const { width, height } = canvas.current!
    const box = canvas.current!.getBoundingClientRect()
    return [((e.clientX - box.left) / box.width) * width, ((e.clientY - box.top) / box.height) * height]
  }

  function begin(e: React.PointerEvent) {
    const pen = canvas.current!.getContext('2d')!
    canvas.current!.setPointerCapture(e.pointerId)
    Object.assign(pen, { lineWidth: 4, lineCap: 'round', lineJoin: 'round', strokeStyle: '#14204a' })
    pen.beginPath()
    pen.moveTo(...at(e))
    setDrawn(true)
  }

  function draw(e: React.PointerEvent) {
    if (e.buttons === 0) return
    const pen = canvas.current!.getContext('2d')!
    pen.lineTo(...at(e))
    pen.stroke()
  }

  function clear() {
    canvas.current?.getContext('2d')!.clearRect(0, 0, canvas.current.width, canvas.current.height)
    setDrawn(false)
    change(undefined)
  }

  async function take() {
    const blob = await new Promise<Blob | null>((done) => canvas.current!.toBlob(done, 'image/png'))
    if (!blob) return
    try {
      change(await upload(blob, 'signature.png'))
      setTrouble('')
    } catch (error) {
      setTrouble((error as Error).message)
    }
    leave()
  }

  return (
    <div className="signature">
      {kept
        ? <img src={`/api/v1/files/${kept.id}`} alt={t('signature.of', { title: field.title })} />
        : <canvas ref={canvas} width={800} height={280} aria-label={t('signature.pad')} role="img"
            onPointerDown={begin} onPointerMove={draw} />}
      <div className="row">
        {!kept && (
          <button type="button" className="button" disabled={!drawn} onClick={() => void take()}>
            {t('signature.take')}
          </button>
        )}
        {(kept || drawn) && (
          <button type="button" className="button quiet" onClick={clear}>{t('signature.clear')}</button>
        )}
      </div>
      {trouble && <p className="fault" role="alert">{trouble}</p>}
    </div>
  )
}
