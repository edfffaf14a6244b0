import { t } from '../texts/text'

type Pages = { hasNextPage: boolean; fetchNextPage: () => Promise<unknown> }

// More reads the next page of a list, where there is one.
export function More({ of, small = false }: { of: Pages; small?: boolean }) {
  if (!of.hasNextPage) return null
  return (
    <button type="button" className={`button quiet more ${small ? 'small' : ''}`}
      onClick={() => void of.fetchNextPage()}>
      {t('more')}
    </button>
  )
}
