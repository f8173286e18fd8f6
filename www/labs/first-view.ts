// The lab of the first view: small, and loaded with the page.

import address from '../../pkg/first_view_bg.wasm?url';
import LabWorker from './first-view.worker?worker&inline';

export default { address, LabWorker };
