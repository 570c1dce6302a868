import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useMapView } from '../page/useMapView'
import { useLanguage } from '../words/i18n'
import { scale } from '../words/values'
import classes from './styling.module.css'

/** As plans and maps are drawn. */
const SCALES = [200, 500, 1000, 2000, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000]

interface Zooms {
  minzoom?: number
  maxzoom?: number
}

/** From which scale to which something is drawn. */
export function ScaleRange({
  zooms: { minzoom, maxzoom },
  onChange,
}: {
  zooms: Zooms
  onChange: (zooms: Zooms) => void
}) {
  const { t } = useTranslation('styling')
  return (
    <div className={classes.pair}>
      <Scale
        label={t('scale.from')}
        zoom={minzoom}
        allowed={(zoom) => !maxzoom || zoom <= maxzoom}
        onChange={(zoom) => onChange({ minzoom: zoom, maxzoom })}
      />
      <Scale
        label={t('scale.to')}
        zoom={maxzoom}
        allowed={(zoom) => zoom >= (minzoom ?? 0)}
        onChange={(zoom) => onChange({ minzoom, maxzoom: zoom })}
      />
    </div>
  )
}

function Scale({
  label,
  zoom,
  allowed,
  onChange,
}: {
  label: string
  zoom: number | undefined
  allowed: (zoom: number) => boolean
  onChange: (zoom: number | undefined) => void
}) {
  const { t } = useTranslation('styling')
  const language = useLanguage()
  const view = useMapView()
  const zoomAt = (denominator: number) =>
    Math.round((view.zoom + Math.log2(view.scale / denominator)) * 100) / 100
  const denominator = zoom && view.scale * 2 ** (view.zoom - zoom)
  // Away from where it was chosen a zoom is another scale; near enough, it is the one of the list.
  const near = SCALES.find((each) => denominator && Math.abs(each / denominator - 1) < 0.01)
  const now = Math.round(view.zoom * 100) / 100
  const listed = SCALES.map((each) => ({
    value: String(each),
    label: scale(each, language),
    disabled: !allowed(zoomAt(each)),
  }))
  return (
    <NativeSelect
      size="xs"
      label={label}
      value={zoom ? String(near ?? 'kept') : ''}
      onChange={(event) => {
        const { value } = event.currentTarget
        if (value === 'kept') return
        onChange(value === '' ? undefined : value === 'now' ? now : zoomAt(Number(value)))
      }}
      data={[
        { value: '', label: t('scale.any') },
        {
          value: 'now',
          label: t('scale.now', { scale: scale(view.scale, language) }),
          disabled: !allowed(now),
        },
        ...(denominator && !near ? [{ value: 'kept', label: scale(denominator, language) }] : []),
        ...listed,
      ]}
    />
  )
}
