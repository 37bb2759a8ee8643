# Los vales en el portal: canjear uno y los ya canjeados.

nav-vouchers = Vales
vouchers-subtitle = Lo que ha canjeado y lo que le ha aportado
vouchers-table = Vales canjeados
vouchers-serial = Número de serie
vouchers-gives = Aporta
vouchers-redeemed-on = Canjeado
vouchers-credited = Abonado
vouchers-pays-out-until = Se abona hasta el { $date }
vouchers-empty-title = Aún no hay vales
vouchers-empty-text = Los vales que canjee aparecen aquí con el crédito que le hayan aportado.

vouchers-redeem = Canjear un vale
vouchers-redeem-text = Introduzca el código de su vale para sumar el crédito a su saldo.
vouchers-code = Código del vale
vouchers-code-hint = No importan los espacios, los guiones ni las minúsculas.
vouchers-too-many = Se han probado demasiados códigos. Puede volver a intentarlo a partir del { $time }.
vouchers-not-permitted = Aquí puede ver los vales, pero no canjearlos. Pídaselo al titular de la cuenta.

vouchers-done-credited = Se han sumado { $amount } a su saldo
vouchers-done-credited-text = El vale { $serial } está canjeado.
vouchers-to-balance = Ir al saldo
vouchers-done-waiting = El vale está canjeado y espera su próximo pago
vouchers-waits = Le abonará { $gain } con su próximo pago de { $minimum } como mínimo.
vouchers-waits-until = Le abonará { $gain } con su próximo pago de { $minimum } como mínimo hasta el { $date }.

## Tipos, seguidos de lo que aportan
voucher-kind-free = Crédito
voucher-kind-additional = Bonificación
voucher-kind-multiplied = Bonificación porcentual

## Lo que aporta un vale. $gain es un importe, una parte del pago o ambos.
voucher-gain-both = { $share } + { $amount }
voucher-terms-free = { $gain }
voucher-terms-payment = { $gain } con un pago de { $minimum } como mínimo
voucher-terms-ceiling = { $gain } con un pago de { $minimum } como mínimo, hasta { $ceiling }

## Estados
voucher-state-live = Sin usar
voucher-state-waiting = En espera
voucher-state-redeemed = Canjeado
voucher-state-void = Anulado
voucher-state-expired = Caducado
