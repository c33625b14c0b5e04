import { EmptyState } from '@backstage/core-components';
import Button from '@material-ui/core/Button';

/** In place of lines: none were written, or `filtered` ones are hidden. */
export function NoLines(props: { filtered: boolean; onClear: () => void }) {
  if (!props.filtered) {
    return (
      <EmptyState
        missing="content"
        title="Nothing logged yet"
        description="Lines appear here as the services write them."
      />
    );
  }
  return (
    <EmptyState
      missing="content"
      title="No line matches"
      description="There are lines, but none of this level with this text."
      action={
        <Button variant="outlined" onClick={props.onClear}>
          Show all lines
        </Button>
      }
    />
  );
}
