import Button from '@material-ui/core/Button';
import { EmptyNote } from '../common/EmptyNote';

/** In place of lines: none were written, or `filtered` ones are hidden. */
export function NoLines(props: { filtered: boolean; onClear: () => void }) {
  if (!props.filtered) {
    return (
      <EmptyNote
        title="Nothing logged yet"
        description="Lines appear here as the services write them."
      />
    );
  }
  return (
    <EmptyNote
      title="No line matches"
      description="There are lines, but none of this level with this text."
      action={
        <Button size="small" variant="outlined" onClick={props.onClear}>
          Show all lines
        </Button>
      }
    />
  );
}
