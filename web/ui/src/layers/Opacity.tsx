import { Slider, Text } from '@mantine/core'
import { page } from '../page/state'
import { type DrawnLayer, withOpacity } from './arrangement'

/** How opaque a layer is drawn. */
export function Opacity({
  drawn,
  title,
  label,
  className,
}: {
  drawn: DrawnLayer
  title: string
  /** Of the slider, which names the layer too. */
  label: string
  className?: string
}) {
  return (
    <div className={className}>
      <Text size="xs" component="span">
        {title}
      </Text>
      <Slider
        size="sm"
        flex={1}
        min={10}
        step={5}
        value={Math.round(drawn.opacity * 100)}
        onChange={(percent) =>
          page.arrange((arrangement) => withOpacity(arrangement, drawn.id, percent / 100))
        }
        label={(percent) => `${percent} %`}
        thumbLabel={label}
      />
    </div>
  )
}
