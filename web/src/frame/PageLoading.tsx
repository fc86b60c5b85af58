import { Loading } from '../kit/Loading.tsx';

/** While a page's code is on its way. */
export const PageLoading = () => <Loading />;
