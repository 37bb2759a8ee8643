# Darse de alta, y las cuentas de una persona.

## El formulario
sign-up-question = ¿Aún no tiene cuenta?
sign-up-link = Crear una cuenta
sign-up-carrier-link = Darse de alta como carrier
sign-up-customer-link = Darse de alta como cliente
sign-up-have-account = ¿Ya tiene una cuenta?
sign-up-title = Cree su cuenta
sign-up-text = Solo lleva un minuto. Consulte y gestione todo lo relativo a su cuenta de { $brand } en un solo lugar.
sign-up-carrier-title = Alta de carriers
sign-up-carrier-text = Abra una cuenta de carrier en { $brand }.
sign-up-company = Empresa
sign-up-name = Su nombre
sign-up-email-hint = Enviaremos un enlace a esta dirección para comprobar que es suya.
sign-up-currency = Moneda
sign-up-currency-none = Elija una moneda
sign-up-currency-hint = Se le facturará en esta moneda. No se puede cambiar una vez que se haya facturado algo.
sign-up-submit = Crear la cuenta

## Un correo está en camino
sign-up-sent-text = Hemos enviado un correo a { $email }. Ábralo para continuar.
sign-up-sent-help = Es válido durante 24 horas. Si no llega nada en unos minutos, mire en la carpeta de correo no deseado, o compruebe la dirección e inténtelo de nuevo.

## El enlace
sign-up-confirm-title = Confirme su cuenta
sign-up-confirm-text = Elija una contraseña y su cuenta de { $brand } estará lista.
sign-up-confirm-submit = Confirmar y continuar
sign-up-confirm-unasked = ¿No ha pedido esta cuenta? Entonces cierre esta página: si no la confirma, no se creará ninguna.

## A la espera del personal
sign-up-pending-title = Gracias, le escribiremos
sign-up-pending-text = Su dirección está confirmada. { $brand } revisa cada cuenta nueva antes de abrirla, y le escribirá en cuanto la suya esté lista.
sign-up-pending-help = Por ahora no tiene que hacer nada más. Puede cerrar esta página.

## La elección entre cuentas
accounts-title = Elija una cuenta
accounts-text = Su dirección pertenece a más de una cuenta.
accounts-more = Puede cambiar en cualquier momento en el menú de arriba a la derecha.
accounts-switch = Cambiar de cuenta
accounts-current = Abierta ahora
accounts-role-owner = Titular
accounts-role-billing = Facturación
accounts-role-viewer = Solo consulta

## Avisos
notice-welcome = ¡Le damos la bienvenida! Su cuenta está lista.
notice-sign-up-known = Ya hay una cuenta con esta dirección. Inicie sesión para continuar.

## Correos
mail-sign-up-confirm-subject = Confirme su cuenta en { $brand }
mail-sign-up-confirm-text = Alguien, esperamos que usted, se ha dado de alta en { $brand } con esta dirección. Confirme que es suya, elija una contraseña y la cuenta quedará creada.
mail-sign-up-confirm-action = Confirmar la cuenta
mail-sign-up-confirm-unasked = Si no sabe nada de esto, ignore este correo: no se creará ninguna cuenta.
mail-sign-up-known-subject = Ya tiene una cuenta en { $brand }
mail-sign-up-known-text = Alguien, esperamos que usted, se ha dado de alta en { $brand } con esta dirección. Ya pertenece a una cuenta, así que no se ha creado ninguna nueva. Inicie sesión con ella; si ya no recuerda la contraseña, pida allí que le enviemos un enlace.
mail-sign-up-known-action = Iniciar sesión
mail-sign-up-known-unasked = Si no ha sido usted, ignore este correo: no ha cambiado nada.
