import Radio from '@material-ui/core/Radio';
import { ChoiceField, ChoiceFieldProps } from './ChoiceField';

/** One of a few. */
export function RadioList<T extends string>(
  props: ChoiceFieldProps<T> & {
    selected: T | undefined;
    onChange: (selected: T) => void;
  },
) {
  const { selected, onChange, ...field } = props;
  return (
    <ChoiceField
      {...field}
      control={value => (
        <Radio
          color="primary"
          name={field.id}
          value={value}
          checked={selected === value}
          onChange={() => onChange(value)}
        />
      )}
    />
  );
}
