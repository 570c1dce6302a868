import { Modal, Stepper } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Register } from '../api/model'
import { useLanguage } from '../words/i18n'
import { CheckStep } from './CheckStep'
import { ColumnsStep } from './ColumnsStep'
import { FileStep } from './FileStep'
import { LookStep } from './LookStep'
import { useImport } from './useImport'

/** Fills a layer from a file: chosen, looked at, its columns given to fields, tried, imported. */
export default function ImportDialog({ layer, onClose }: { layer: Register; onClose: () => void }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const work = useImport(layer)
  const [step, setStep] = useState(0)
  const reached = work.found ? 3 : 0
  const next = () => setStep((at) => at + 1)
  return (
    <Modal
      opened
      onClose={onClose}
      size={860}
      fullScreen={narrow}
      closeOnClickOutside={false}
      title={t('import.title', { layer: layer.title[language] })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stepper
        size="xs"
        active={step}
        onStepClick={(at) => !work.busy && at <= reached && setStep(at)}
        wrap={false}
      >
        {(['file', 'look', 'columns', 'check'] as const).map((name, at) => (
          <Stepper.Step
            key={name}
            label={narrow && at !== step ? undefined : t(`import.steps.${name}`)}
            aria-label={
              narrow && at !== step ? `${at + 1} ${t(`import.steps.${name}`)}` : undefined
            }
            allowStepSelect={at <= reached && !work.busy}
          >
            {name === 'file' && <FileStep work={work} onNext={() => setStep(1)} />}
            {name === 'look' && <LookStep layer={layer} work={work} onNext={next} />}
            {name === 'columns' && <ColumnsStep layer={layer} work={work} onNext={next} />}
            {name === 'check' && (
              <CheckStep
                layer={layer}
                work={work}
                onClose={onClose}
                onAgain={() => {
                  work.reset()
                  setStep(0)
                }}
              />
            )}
          </Stepper.Step>
        ))}
      </Stepper>
    </Modal>
  )
}
