import { Alert, Button } from '@mantine/core'
import { Component, type ReactNode, Suspense } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  children: ReactNode
  /** While it loads. */
  fallback?: ReactNode
}

/** A part of the page that loads when it opens: if it cannot, or breaks, the rest stays. */
export class Part extends Component<Props, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError() {
    return { broken: true }
  }

  override render() {
    if (this.state.broken) return <Broken />
    return <Suspense fallback={this.props.fallback}>{this.props.children}</Suspense>
  }
}

/** What was typed and drawn is kept across the reload. */
function Broken() {
  const { t } = useTranslation()
  return (
    <Alert m="sm" color="red" role="alert" title={t('part.broken')}>
      <Button size="xs" variant="default" onClick={() => location.reload()}>
        {t('part.reload')}
      </Button>
    </Alert>
  )
}
