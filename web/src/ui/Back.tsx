import { useRouter } from '@tanstack/react-router'
import { t } from '../texts/text'
import { Icon } from './Icon'

// Back leads to where one came from.
export function Back() {
  const router = useRouter()
  return (
    <button type="button" className="back" aria-label={t('back')} onClick={() => router.history.back()}>
      <Icon name="back" />
    </button>
  )
}
