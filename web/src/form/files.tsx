import { useState } from 'react'
import { headers, Problem, refusal } from '../api/client'
import { lost } from '../app/line'
import { t } from '../texts/text'
import { Icon } from '../ui/Icon'
import type { ControlProps as Props } from './values'

export type Attachment = { id: string; name?: string; type?: string; size?: number }

// upload keeps a file; a form then names it by its id.
export async function upload(body: Blob, name: string): Promise<Attachment> {
  let response: Response
  try {
    response = await fetch(`/api/v1/files?name=${encodeURIComponent(name)}`, {
      method: 'POST', body, headers: { ...headers(), 'Content-Type': body.type },
    })
  } catch {
    lost()
    throw new Problem(0, { detail: t('trouble.unreachable.hint') })
  }
  if (!response.ok) throw refusal(response, await response.json())
  return response.json() as Promise<Attachment>
}

function useUpload(change: (value: unknown) => void, leave: () => void) {
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState('')
  async function take(body: Blob, name: string) {
    setBusy(true)
    setTrouble('')
    try {
      change(await upload(body, name))
    } catch (error) {
      setTrouble((error as Error).message)
    }
    setBusy(false)
    leave()
  }
  return { busy, trouble, take }
}

export function FileControl({ id, value, described, change, leave, invalid }: Props) {
  const { busy, trouble, take } = useUpload(change, leave)
  const [over, setOver] = useState(false)
  const kept = value as Attachment | undefined
  return (
    <div className={over ? 'drop over' : 'drop'} onDragLeave={() => setOver(false)}
      onDragOver={(e) => {
        e.preventDefault()
        setOver(true)
      }}
      onDrop={(e) => {
        e.preventDefault()
        setOver(false)
        const file = e.dataTransfer.files[0]
        if (file) void take(file, file.name)
      }}>
      <Icon name="file" />
      {kept
        ? <Kept file={kept} remove={() => change(undefined)} />
        : <span className="soft desk">{t('file.drop')}</span>}
      <label className="button" htmlFor={id}>{t(kept ? 'file.other' : 'file.choose')}</label>
      <input id={id} className="hidden" type="file" aria-describedby={described} aria-invalid={invalid || undefined}
        onChange={(e) => e.target.files?.[0] && void take(e.target.files[0], e.target.files[0].name)} />
      {busy && <span role="status">{t('file.busy')}</span>}
      {trouble && <p className="fault" role="alert">{trouble}</p>}
    </div>
  )
}

export function PhotoControl({ id, value, described, change, leave, invalid }: Props) {
  const { busy, trouble, take } = useUpload(change, leave)
  const kept = value as Attachment | undefined
  return (
    <div className="photo">
      {kept && <img src={`/api/v1/files/${kept.id}`} alt={kept.name ?? t('photo')} />}
      <label className="button" htmlFor={id}><Icon name="camera" /> {t(kept ? 'photo.again' : 'photo.take')}</label>
      <input id={id} className="hidden" type="file" accept="image/*" capture="environment" aria-describedby={described}
        aria-invalid={invalid || undefined}
        onChange={async (e) => {
          const file = e.target.files?.[0]
          const fit = file && await smaller(file)
          if (fit) await take(fit, fit === file ? file.name : file.name.replace(/\.\w+$/, '.jpg'))
        }} />
      {kept && <Kept file={kept} remove={() => change(undefined)} />}
      {busy && <span role="status">{t('file.busy')}</span>}
      {trouble && <p className="fault" role="alert">{trouble}</p>}
    </div>
  )
}

function Kept({ file, remove }: { file: Attachment; remove: () => void }) {
  return (
    <span className="row">
      <a href={`/api/v1/files/${file.id}`}>{file.name ?? t('file')}</a>
      <button type="button" className="button quiet small" onClick={remove}>{t('row.remove')}</button>
    </span>
  )
}

const longest = 1600 // pixels: enough to read a document, and a tenth of what a camera gives

// smaller makes a photograph fit for a telephone's line; what the browser cannot draw is sent as it is.
async function smaller(file: File): Promise<Blob> {
  try {
    const picture = await createImageBitmap(file)
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height)
    return await new Promise((done) => canvas.toBlob((blob) => done(blob ?? file), 'image/jpeg', 0.85))
  } catch {
    return file
  }
}

