# Correos. `brand` es el nombre de la empresa que escribe.

mail-greeting = Hola, { $name }:
mail-help = ¿Tiene preguntas? Escriba a { $address }.
mail-link-instead = Si el botón no funciona, abra esta dirección:
mail-valid-hours =
    { $count ->
        [one] El enlace funciona una sola vez, durante una hora.
       *[other] El enlace funciona una sola vez, durante { $count } horas.
    }
mail-valid-minutes =
    { $count ->
        [one] El enlace funciona una sola vez, durante un minuto.
       *[other] El enlace funciona una sola vez, durante { $count } minutos.
    }

mail-sign-in-link-subject = Iniciar sesión en { $brand }
mail-sign-in-link-text = Este es el enlace que ha pedido. Con él inicia sesión en su portal de facturación de { $brand }.
mail-sign-in-link-action = Iniciar sesión
mail-sign-in-link-unasked = Si no lo ha pedido, ignore este correo: nadie puede iniciar sesión sin él.

mail-password-reset-subject = Elija una contraseña nueva para { $brand }
mail-password-reset-text = Se ha pedido una contraseña nueva para su cuenta de { $brand }. Elíjala aquí:
mail-password-reset-action = Elegir contraseña nueva
mail-password-reset-unasked = Si no ha sido usted, ignore este correo: su contraseña no cambia.

mail-temporary-password-subject = Su contraseña provisional para { $brand }
mail-temporary-password-text = Puede iniciar sesión en su portal de facturación de { $brand } con su dirección de correo y esta contraseña provisional:
mail-temporary-password-then = Sirve hasta que inicie sesión con ella y elija una contraseña propia.
mail-temporary-password-action = Iniciar sesión
mail-temporary-password-valid =
    { $count ->
        [one] La contraseña provisional sirve durante una hora.
       *[other] La contraseña provisional sirve durante { $count } horas.
    }
mail-temporary-password-unasked = La contraseña que tenía antes ya no sirve. Si no esperaba este correo, pregúntenos.

mail-confirm-email-subject = Confirme su dirección de correo para { $brand }
mail-confirm-email-text = Esta dirección se va a usar para su cuenta de { $brand }. Confirme que es suya.
mail-confirm-email-action = Confirmar dirección
mail-confirm-email-unasked = Si no sabe de qué se trata, ignore este correo: no cambiará nada.

mail-email-change-notice-subject = Se está cambiando su dirección de correo en { $brand }
mail-email-change-notice-text = Se ha pedido cambiar su dirección de correo a { $address }. El cambio vale cuando se confirme allí.
mail-email-change-notice-unasked = Si no ha sido usted, cambie ya su contraseña y cierre todas las sesiones.

mail-password-changed-subject = Se ha cambiado su contraseña en { $brand }
mail-password-changed-text = Su contraseña se cambió el { $time }.
mail-password-changed-unasked = Si no ha sido usted, elija de inmediato una contraseña nueva con el enlace para contraseñas olvidadas.

mail-receipt-subject = Su pago de { $amount } a { $brand }
mail-receipt-text = Hemos recibido su pago de { $amount } ({ $method }) el { $date }. Gracias.
mail-receipt-then = En su portal de facturación puede ver para qué fue y descargar el recibo.
mail-receipt-action = Abrir el portal de facturación

mail-pay-link-subject = Pague la factura { $number } de { $brand }
mail-pay-link-text = Quedan { $amount } por pagar de la factura { $number } de { $brand }, con vencimiento el { $date }. Puede pagarla aquí, sin iniciar sesión.
mail-pay-link-action = Ver y pagar la factura
mail-pay-link-valid = El enlace funciona hasta el { $time }, mientras la factura esté abierta. Quien lo tenga puede ver y pagar solo esta factura.

mail-smtp-test-subject = Correo de prueba de { $brand }
mail-smtp-test-text = Este correo le ha llegado por el servidor de correo { $server }. Su configuración funciona.
mail-smtp-test-unasked = Se envió desde el panel de control. No tiene que hacer nada.
