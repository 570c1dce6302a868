import { CloseButton, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { LayerInfo } from '../api/model'
import { layersQuery } from '../api/queries'
import { returning } from '../layers/returning'
import { isKept } from '../layers/useLayers'
import type { LayerStyle } from '../map/api'
import { shapeOf } from '../map/symbol'
import { page, usePage } from '../page/state'
import { useLanguage } from '../words/i18n'
import { Colours } from './Colours'
import { tidy } from './edits'
import { Labels } from './Labels'
import { SaveStyle } from './SaveStyle'
import { ScaleRange } from './ScaleRange'
import { Symbols } from './Symbols'
import classes from './styling.module.css'

/** How a layer is drawn, chosen with the map in view: each change is drawn at once. */
export default function StylePanel({ layer }: { layer: LayerInfo }) {
  const { t } = useTranslation('styling')
  const language = useLanguage()
  const close = useRef<HTMLButtonElement>(null)
  useEffect(() => close.current?.focus(), [])
  const { data: registers } = useQuery(layersQuery)
  const kept = registers?.find(({ id }) => id === layer.id)
  const changed = kept !== undefined && !isKept(kept, layer.style)
  const { style } = layer
  /** Back to where one came from. */
  function leave() {
    returning.to = layer.id
    usePage.setState({ styling: null })
  }
  const parts = {
    layer,
    style,
    shape: shapeOf(layer.geometry.type),
    change: (next: LayerStyle) => page.style(layer.id, tidy(next)),
  }
  return (
    <section
      className={classes.panel}
      aria-labelledby="styling-title"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) leave()
      }}
    >
      <div className={classes.head}>
        <div style={{ flex: 1, minWidth: 0 }}>
          <Title order={2} size="h5" id="styling-title">
            {t('title', { layer: layer.title[language] })}
          </Title>
          <Text size="xs" c="dimmed">
            {t(`of.${changed ? 'changed' : layer.styleOf}`)}
          </Text>
        </div>
        <CloseButton ref={close} aria-label={t('close')} onClick={leave} />
      </div>
      <div className={classes.body}>
        <Colours {...parts} />
        <Symbols {...parts} />
        <Labels {...parts} />
        <fieldset className={classes.section}>
          <legend>{t('scales')}</legend>
          <ScaleRange zooms={style} onChange={(zooms) => parts.change({ ...style, ...zooms })} />
        </fieldset>
      </div>
      <div className={classes.foot}>
        <SaveStyle layer={layer} changed={changed} />
      </div>
    </section>
  )
}
