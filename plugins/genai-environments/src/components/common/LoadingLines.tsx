import Skeleton from '@material-ui/lab/Skeleton';

/** In place of a few lines that are being read. */
export function LoadingLines(props: { label: string }) {
  return (
    <div role="status" aria-label={props.label}>
      <Skeleton height={40} />
      <Skeleton height={40} />
    </div>
  );
}
