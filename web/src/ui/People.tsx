import { useMe, useOffice, usePostTitle } from '../api/queries'
import { listed, t } from '../texts/text'

// usePeople are those of the office beside oneself, by name and posts.
export function usePeople() {
  const me = useMe()
  const title = usePostTitle()
  return (useOffice().people ?? []).filter((p) => p.id !== me.id).map(({ id, name, posts }) => ({
    id, name: posts?.length ? t('person.posts', { name, posts: listed(posts.map(title)) }) : name,
  }))
}

// People asks whom, one or several.
export function People({ picked, pick }: { picked: string[]; pick: (ids: string[]) => void }) {
  return (
    <fieldset className="people">
      <legend>{t('act.whom')}</legend>
      {usePeople().map((p) => (
        <label key={p.id} className="choice">
          <input type="checkbox" checked={picked.includes(p.id)}
            onChange={(e) => pick(e.target.checked ? [...picked, p.id] : picked.filter((x) => x !== p.id))} /> {p.name}
        </label>
      ))}
    </fieldset>
  )
}
