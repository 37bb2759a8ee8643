# Lo que impide algo con vales, para el personal.

notice-vouchers-exported = Los códigos de este lote ya se exportaron. No se guardan en ningún sitio: si se han perdido, anule el lote y cree otro.
notice-vouchers-spent = Este vale ya dio su crédito.
notice-vouchers-void = Estos vales están anulados. Sus códigos ya no se entregan.

## The file of codes
vouchers-file-serial = Número de serie
vouchers-file-code = Código
