# Entrada y salida: inicio de sesión, enlaces, contraseñas, fin de la sesión.

## Inicio de sesión
entry-sign-in-title = Iniciar sesión
entry-sign-in-text = Inicie sesión en su cuenta de { $brand }.
entry-sign-in-again = Volver a iniciar sesión
entry-refused = El correo electrónico y la contraseña no coinciden. Revise ambos e inténtelo de nuevo, o solicite un enlace de acceso.
entry-or = o
entry-mail-me-a-link = Enviarme un enlace de acceso
entry-back-to-sign-in = Volver al inicio de sesión
entry-go-to-account = Ir a su cuenta
entry-return = Volver a { $brand }

## Correo en camino
entry-sent-title = Revise su correo
entry-sent-sign-in = Si { $email } pertenece a una cuenta, hemos enviado a esa dirección un enlace para iniciar sesión.
entry-sent-reset = Si { $email } pertenece a una cuenta, hemos enviado a esa dirección un enlace para elegir una contraseña nueva.
entry-sent-help = El enlace puede usarse una sola vez y durante poco tiempo. Si no recibe nada en unos minutos, mire en la carpeta de correo no deseado o compruebe la dirección.

## Enlace de acceso
entry-mailed-title = Continuar a su cuenta
entry-mailed-text = Va a iniciar sesión como { $name } en la cuenta de { $customer }.

## Hay otra cuenta abierta
entry-switch-title = ¿Cambiar de cuenta?
entry-switch-text = Ya tiene una sesión iniciada y este enlace es de otra cuenta.
entry-switch-present = Sesión actual
entry-switch-wanted = Este enlace
entry-switch-confirm = Continuar como { $customer }
entry-switch-stay = Seguir con { $customer }
entry-switch-from = Ha iniciado sesión como { $name } en la cuenta de { $customer }. Si continúa, esa sesión se cerrará.

## Enlace que no puede usarse
entry-link-over-title = Este enlace ya no es válido
entry-link-over-text = Los enlaces pueden usarse una sola vez y durante poco tiempo. Este ya se ha usado, ha caducado o está incompleto.
entry-link-over-return = Vuelva a { $brand } y abra su cuenta desde allí para obtener uno nuevo.
entry-link-over-sign-in = Inicie sesión para continuar o solicite un enlace nuevo.

## Fin de la sesión
entry-ended-title = Su sesión ha finalizado
entry-ended-text = Por su seguridad, cerramos la sesión tras un tiempo sin actividad. Vuelva a iniciar sesión para continuar donde estaba.

## Sesión cerrada
entry-signed-out-title = Ha cerrado la sesión
entry-signed-out-text = Su sesión ha finalizado en este dispositivo. Ya puede cerrar esta ventana.

## Sin conexión cifrada
entry-insecure-title = Se necesita una conexión segura
entry-insecure-text = Esta página se ha abierto con una conexión sin cifrar. Para proteger sus datos, no es posible iniciar sesión de este modo.
entry-insecure-help = Abra de nuevo la dirección con https:// al principio. Si no funciona, póngase en contacto con el servicio de asistencia.

## Contraseña olvidada
entry-forgot-link = ¿Ha olvidado su contraseña?
entry-forgot-title = ¿Ha olvidado su contraseña?
entry-forgot-text = Indique su correo electrónico y le enviaremos un enlace para elegir una contraseña nueva.
entry-forgot-send = Enviar el enlace
entry-reset-title = Elija una contraseña nueva
entry-reset-text = Se iniciará su sesión y se cerrarán todas las demás.
entry-reset-save = Guardar e iniciar sesión

## Correo electrónico nuevo
entry-confirm-email-title = Confirme su correo electrónico
entry-confirm-email-text = Confirme que { $email } es su dirección. A partir de entonces iniciará sesión con ella.
entry-confirm-email-bare = Confirme que esta dirección es suya. A partir de entonces iniciará sesión con ella.

# In a frame of another site, where some browsers keep no cookies.
entry-open-in-window = ¿No funciona aquí? Ábralo en una ventana nueva
