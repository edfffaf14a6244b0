import { useRef } from 'react'
import { useOffice } from '../api/queries'
import { t } from '../texts/text'
import { fromWall, wall } from '../ui/time'
import { FileControl, PhotoControl } from './files'
import { Signature } from './Signature'
import type { ControlProps as Props, Field } from './values'

const few = 6

// grouped tells fields that are several inputs under one title.
export function grouped(field: Field): boolean {
  const options = (field.options ?? []).length
  switch (field.type) {
    case 'choice':
      return options <= few
    case 'yes-no':
    case 'choices':
    case 'checklist':
    case 'texts':
    case 'people':
    case 'duration':
    case 'worktime':
    case 'signature':
      return true
    default:
      return false
  }
}

// Control is the input for one type of the language.
export function Control(props: Props) {
  switch (props.field.type) {
    case 'note':
      return <textarea {...common(props)} value={text(props.value)} rows={3} />
    case 'choice':
      return grouped(props.field) ? <Radios {...props} options={options(props.field)} /> : <Select {...props} />
    case 'post':
    case 'person':
    case 'unit':
      return <Select {...props} />
    case 'yes-no':
      return <YesNo {...props} />
    case 'choices':
    case 'checklist':
      return <Checks {...props} />
    case 'people':
      return <Several {...props} />
    case 'texts':
      return <Texts {...props} />
    case 'moment':
      return <Moment {...props} />
    case 'date':
    case 'month':
      return <input {...common(props)} type={props.field.type} value={text(props.value)} />
    case 'duration':
      return <Span {...props} units={['m', 'h', 'd']} join="" />
    case 'worktime':
      return <Span {...props} units={['workhours', 'workdays']} join=" " />
    case 'count':
      return <input {...common(props)} inputMode="numeric" value={text(props.value)} />
    case 'number':
      return <input {...common(props)} inputMode="decimal" value={text(props.value)} />
    case 'money':
      return <Money {...props} />
    case 'phone':
      return <input {...common(props)} type="tel" value={text(props.value)} />
    case 'email':
      return <input {...common(props)} type="email" value={text(props.value)} />
    case 'photo':
      return <PhotoControl {...props} />
    case 'file':
      return <FileControl {...props} />
    case 'signature':
      return <Signature {...props} />
    default:
      return <input {...common(props)} value={text(props.value)} />
  }
}

const text = (value: unknown) => (value === undefined || value === null ? '' : String(value))
const options = (field: Field) => field.options ?? []
const idOf = (value: unknown) =>
  text(typeof value === 'object' && value !== null ? (value as { id?: string }).id : value)

type Input = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

function common({ id, invalid, described, change, leave, field }: Props) {
  return {
    id,
    'aria-invalid': invalid || undefined,
    'aria-describedby': described,
    'aria-required': field.required || undefined,
    autoComplete: 'off',
    onChange: (e: React.ChangeEvent<Input>) => change(e.target.value),
    onBlur: leave,
  }
}

// chosen is what is done with by choosing: what is wrong with it is said at once.
const chosen = ({ change, leave }: Props) => (value: unknown) => {
  change(value)
  leave()
}

function Select(props: Props) {
  return (
    <select {...common({ ...props, change: chosen(props) })} value={idOf(props.value)}>
      <option value="">{t('choose')}</option>
      {options(props.field).map((o) => <option key={o.id} value={o.id}>{o.title}</option>)}
    </select>
  )
}

function Radios({ options, ...props }: Props & { options: { id: string; title: string }[] }) {
  const { id, value, leave } = props
  const change = chosen(props)
  return (
    <div className="choices">
      {options.map((o) => (
        <label key={o.id} className="choice">
          <input type="radio" name={id} checked={value === o.id} onChange={() => change(o.id)} onBlur={leave} />
          <span>{o.title}</span>
        </label>
      ))}
    </div>
  )
}

function YesNo(props: Props) {
  return (
    <Radios {...props} options={[{ id: 'true', title: t('yes') }, { id: 'false', title: t('no') }]}
      value={props.value === undefined ? undefined : String(props.value)} change={(v) => props.change(v === 'true')} />
  )
}

function Checks({ field, value, change, leave }: Props) {
  const picked = (value as string[] | undefined) ?? []
  return (
    <div className="choices">
      {options(field).map((o) => (
        <label key={o.id} className="choice">
          <input type="checkbox" checked={picked.includes(o.id)} onBlur={leave} onChange={(e) => {
            const rest = picked.filter((x) => x !== o.id)
            const now = e.target.checked ? [...rest, o.id] : rest
            change(now.length > 0 ? now : undefined)
          }} />
          <span>{o.title}</span>
        </label>
      ))}
    </div>
  )
}

function Several({ id, field, value, change, leave }: Props) {
  const picked = ((value as unknown[] | undefined) ?? []).map(idOf)
  const titleOf = (x: string) => options(field).find((o) => o.id === x)?.title ?? x
  const others = options(field).filter((o) => !picked.includes(o.id))
  const put = (list: string[]) => change(list.length > 0 ? list : undefined)
  return (
    <>
      <ul className="picked">
        {picked.map((x) => (
          <li key={x}>{titleOf(x)} <button type="button" aria-label={`${t('row.remove')} ${titleOf(x)}`}
            onClick={() => put(picked.filter((y) => y !== x))}>×</button></li>
        ))}
      </ul>
      <select id={`${id}-add`} aria-label={field.title} value="" onBlur={leave}
        onChange={(e) => e.target.value && put([...picked, e.target.value])}>
        <option value="">{t('people.add')}</option>
        {others.map((o) => <option key={o.id} value={o.id}>{o.title}</option>)}
      </select>
    </>
  )
}

function Texts({ field, value, change, leave }: Props) {
  const lines = (value as string[] | undefined) ?? ['']
  return (
    <>
      {lines.map((line, i) => (
        <div className="row texts" key={i}>
          <input aria-label={`${field.title} ${i + 1}`} value={line} onBlur={leave}
            onChange={(e) => change(lines.map((x, n) => (n === i ? e.target.value : x)))} />
          <button type="button" className="button quiet small" aria-label={`${t('row.remove')} ${i + 1}`}
            onClick={() => change(lines.length > 1 ? lines.filter((_, n) => n !== i) : undefined)}>×</button>
        </div>
      ))}
      <button type="button" className="button quiet small" onClick={() => change([...lines, ''])}>
        ＋ {t('row.add')}
      </button>
    </>
  )
}

function Moment(props: Props) {
  const zone = useOffice().zone
  const input = useRef<HTMLInputElement>(null)
  const put = (at: string) => props.change(at ? fromWall(at, zone) : undefined)
  return (
    <div className="row moment">
      <input {...common(props)} ref={input} type="datetime-local"
        value={props.value ? wall(text(props.value), zone) : ''} onChange={(e) => put(e.target.value)} />
      <button type="button" className="button" onClick={() => {
        put(wall(new Date().toISOString(), zone))
        props.leave()
      }}>{t('now')}</button>
    </div>
  )
}

function Money(props: Props) {
  return (
    <div className="row money">
      <span aria-hidden="true">{useOffice().currency}</span>
      <input {...common(props)} inputMode="decimal" value={text(props.value)} />
    </div>
  )
}

const unitTitles = {
  m: 'unit.m', h: 'unit.h', d: 'unit.d', workhours: 'unit.workhours', workdays: 'unit.workdays',
} as const

type Unit = keyof typeof unitTitles

// Span is a number and its unit; a span of several units, such as 1h30m, stays as it was written.
function Span({ id, field, value, change, leave, described, units, join }: Props & { units: Unit[]; join: string }) {
  const written = /^(\d+) ?(\w+?)(?:s)?$/.exec(text(value).trim())
  const unit = units.find((u) => u === written?.[2] || u === `${written?.[2]}s`)
  if (value !== undefined && value !== '' && !unit) {
    return (
      <input aria-label={field.title} value={text(value)} onBlur={leave} onChange={(e) => change(e.target.value)} />
    )
  }
  const now = unit ?? units[0]!
  const put = (n: string, u: string) => change(n === '' ? undefined : `${n.replace(/\D/g, '') || 0}${join}${u}`)
  return (
    <div className="row span">
      <input aria-label={field.title} aria-describedby={described} inputMode="numeric" value={written?.[1] ?? ''}
        onBlur={leave} onChange={(e) => put(e.target.value, now)} />
      <select id={`${id}-unit`} aria-label={t('unit')} value={now}
        onChange={(e) => written && put(written[1]!, e.target.value)}>
        {units.map((u) => <option key={u} value={u}>{t(unitTitles[u])}</option>)}
      </select>
    </div>
  )
}
